-- A second login with all that structra_app may do, so that a password is never changed under
-- running programs: they move from one login to the other, and the one that is left is shut.
--
--   psql "$ADMIN_DATABASE_URL" -v login=structra_app_b -v login_password=... \
--     -f deploy/database/second-login.sql
--
-- Needs structra_app (roles.sql). It may be run again, to give the login another password.
-- -v prefix=NAME as for roles.sql.
\set ON_ERROR_STOP on
\if :{?prefix}
\else
  \set prefix structra
\endif
SELECT :'prefix' || '_app' AS app, current_database() AS database \gset

-- Passwords must not show in the server's log.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';

SELECT format('CREATE ROLE %I LOGIN INHERIT', :'login')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" PASSWORD :'login_password';
GRANT :"app" TO :"login";

-- Settings of a role are not inherited.
ALTER ROLE :"login" IN DATABASE :"database" SET statement_timeout = '30s';
ALTER ROLE :"login" IN DATABASE :"database" SET lock_timeout = '5s';
ALTER ROLE :"login" IN DATABASE :"database" SET idle_in_transaction_session_timeout = '60s';
