-- Roles and rights of Structra's database. Run it with psql, connected to that database, as a
-- superuser or as a managed service's administrator (CREATEROLE):
--
--   psql "$ADMIN_DATABASE_URL" -v owner_password=... -v app_password=... \
--     -v readonly_password=... -f deploy/database/roles.sql
--
-- It may be run again at any time: to change passwords, after the first migration, and after a
-- restore. Passwords that are not given stay as they are.
--
--   structra_owner     owns all tables: migrations and restores run as it
--   structra_app       reads and writes rows: servers and workers run as it
--   structra_readonly  reads rows: people, reports and backups run as it
--
-- -v createdb=1 lets the owner make databases, which `structra backup verify` needs, and
-- `structra backup restore` for a database that is missing or is replaced.
-- -v prefix=NAME gives the roles other names, for several installations on one server.
\set ON_ERROR_STOP on
\if :{?prefix}
\else
  \set prefix structra
\endif
SELECT :'prefix' || '_owner' AS owner, :'prefix' || '_app' AS app,
       :'prefix' || '_readonly' AS readonly, current_database() AS database \gset

-- Passwords must not show in the server's log.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';

SELECT format('CREATE ROLE %I LOGIN NOINHERIT', name)
FROM unnest(ARRAY[:'owner', :'app', :'readonly']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

\if :{?owner_password}
  ALTER ROLE :"owner" PASSWORD :'owner_password';
\endif
\if :{?app_password}
  ALTER ROLE :"app" PASSWORD :'app_password';
\endif
\if :{?readonly_password}
  ALTER ROLE :"readonly" PASSWORD :'readonly_password';
\endif

\if :{?createdb}
  ALTER ROLE :"owner" CREATEDB;
\endif

-- Who is not a superuser may give away only what he could have as the receiver.
SELECT format('GRANT %I TO CURRENT_USER', :'owner')
WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec

BEGIN;
ALTER DATABASE :"database" OWNER TO :"owner";
ALTER SCHEMA public OWNER TO :"owner";

-- What was made by another role before, or by a restore as another one.
SELECT format('ALTER %s %s OWNER TO %I',
              CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
              c.oid::regclass, :'owner')
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
  AND c.relowner <> to_regrole(:'owner')
  -- A sequence of a column follows its table.
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND c.relkind = 'S') \gexec
SELECT format('ALTER TYPE %s OWNER TO %I', t.oid::regtype, :'owner')
FROM pg_type t
WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd')
  AND t.typowner <> to_regrole(:'owner') \gexec
SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, :'owner')
FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
  AND p.proowner <> to_regrole(:'owner') \gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app", :"readonly";
GRANT USAGE ON SCHEMA public TO :"app", :"readonly";

-- What is there, and what migrations will add.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :"app", :"readonly";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"app";
GRANT SELECT ON ALL TABLES IN SCHEMA public TO :"readonly";
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO :"readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT ON TABLES TO :"readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT ON SEQUENCES TO :"readonly";
-- Which migrations were applied is nobody's to change but the owner's.
SELECT format('REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM %I', :'app')
WHERE to_regclass('public.schema_migrations') IS NOT NULL \gexec

-- Limits for when a program forgets its own; programs may set lower ones.
ALTER ROLE :"owner" IN DATABASE :"database" SET lock_timeout = '10s';
ALTER ROLE :"app" IN DATABASE :"database" SET statement_timeout = '30s';
ALTER ROLE :"app" IN DATABASE :"database" SET lock_timeout = '5s';
ALTER ROLE :"app" IN DATABASE :"database" SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE :"readonly" IN DATABASE :"database" SET statement_timeout = '60s';
ALTER ROLE :"readonly" IN DATABASE :"database" SET lock_timeout = '5s';
ALTER ROLE :"readonly" IN DATABASE :"database" SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE :"readonly" IN DATABASE :"database" SET default_transaction_read_only = on;
COMMIT;
