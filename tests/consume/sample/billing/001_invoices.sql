-- SPDX-License-Identifier: Apache-2.0
BEGIN;

CREATE TABLE invoices (
    number  text PRIMARY KEY,
    cents   bigint NOT NULL CHECK (cents >= 0)
);

COMMIT;
