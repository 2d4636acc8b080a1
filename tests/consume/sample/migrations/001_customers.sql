-- SPDX-License-Identifier: Apache-2.0
BEGIN;

CREATE TABLE customers (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL
);

GRANT SELECT, INSERT ON customers TO shop_app;

COMMIT;
