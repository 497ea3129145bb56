-- Where customers are paid to. It is erased with the row.
ALTER TABLE customer_records
    ADD COLUMN iban text NOT NULL DEFAULT '',
    ADD COLUMN bic text NOT NULL DEFAULT '',
    ADD COLUMN account_holder text NOT NULL DEFAULT '';
