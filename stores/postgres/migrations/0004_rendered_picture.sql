-- The picture that verification rendered: an image like an uploaded one, kept as long as its result.
ALTER TABLE computations
    ADD COLUMN picture_sha256 bytea CHECK (octet_length(picture_sha256) = 32);
