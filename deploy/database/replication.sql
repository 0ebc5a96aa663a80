-- What a streaming replica needs on its primary. Run with psql as a superuser, in the service's
-- database, which pg_rewind will connect to:
--
--   psql "$ADMIN_DATABASE_URL" -v password=... -f deploy/database/replication.sql
--
-- It may be run again at any time, as to change the password.
--
--   structra_replication  copies and follows the database; pg_rewind reads files through it
--   structra_replica      the slot: what the replica has not received is kept for it
\set ON_ERROR_STOP on

-- Passwords must not show in the server's log.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';

SELECT 'CREATE ROLE structra_replication LOGIN REPLICATION'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'structra_replication') \gexec
ALTER ROLE structra_replication PASSWORD :'password';

GRANT CONNECT ON DATABASE :"DBNAME" TO structra_replication;
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean) TO structra_replication;
GRANT EXECUTE ON FUNCTION pg_stat_file(text, boolean) TO structra_replication;
GRANT EXECUTE ON FUNCTION pg_read_binary_file(text) TO structra_replication;
GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean)
  TO structra_replication;

SELECT pg_create_physical_replication_slot('structra_replica')
WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'structra_replica');

-- pg_rewind needs the log since the last checkpoint that both servers have in common.
ALTER SYSTEM SET wal_keep_size = '1GB';
SELECT pg_reload_conf();
