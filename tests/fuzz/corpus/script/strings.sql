BEGIN;
SELECT 'a''b', E'a\'b', U&'\0041', B'01', X'ff', N'n', 'a'
'b', "a""b", U&"\0041";
COMMIT;
