-- nothing
/* here */
;;;
