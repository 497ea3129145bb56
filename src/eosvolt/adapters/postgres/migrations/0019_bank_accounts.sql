-- Where payouts of a company go. The history has a masked IBAN and the fingerprint.
CREATE TABLE bank_accounts (
    company integer PRIMARY KEY,
    fingerprint text NOT NULL,
    iban text NOT NULL,
    bic text NOT NULL
);
