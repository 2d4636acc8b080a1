/* a /* b /* c */ */ */ BEGIN; /* ; */ SELECT 1 /* /**/ */; -- ;
COMMIT; /* end */