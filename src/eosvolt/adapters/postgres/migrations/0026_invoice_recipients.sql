-- To whom invoices went, as it was when they were issued. The law wants invoices to be kept: a row stays when the
-- customer is erased.
CREATE TABLE invoice_recipients (
    company integer NOT NULL,
    invoice text NOT NULL,
    billing jsonb NOT NULL,
    PRIMARY KEY (company, invoice)
);
