-- A probe is one SELECT that is true once its migration is applied, and a test of `ctest -L schema`.
SELECT has_table_privilege(current_user, 'notes', 'SELECT');
