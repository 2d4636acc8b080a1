-- SPDX-License-Identifier: Apache-2.0
BEGIN;

CREATE TABLE orders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    placed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_by_customer ON orders (customer_id);

GRANT SELECT, INSERT ON orders TO shop_app;

COMMIT;
