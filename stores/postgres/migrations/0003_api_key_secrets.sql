-- Which API_KEY_SECRET a key is hashed under, so that an operator knows when the earlier one
-- may go. NULL: a key made by an earlier release and not used since.
ALTER TABLE api_keys
    ADD COLUMN secret_id bytea CHECK (octet_length(secret_id) = 8);
