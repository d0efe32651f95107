-- Puts every large table of Rookery's into hash partitions by the ten bits of its ids that say where rows live, all rows of one account in one.
-- For a superuser, in Rookery's database, while all servers are stopped. One transaction: it happens whole or not at all. Running it again changes
-- nothing. 16 partitions; another number with
--   PGOPTIONS='-c rookery.partitions=8' psql -v ON_ERROR_STOP=1 -f partition.sql rookery

BEGIN;

CREATE OR REPLACE FUNCTION partition_of(bigint, bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT ($1 >> 12) & 1023';

DO $$
DECLARE
    partitions constant int := coalesce(nullif(current_setting('rookery.partitions', true), ''), '16')::int;
    -- Tokens, names and what orders all writes stay where they are: they are found by other keys, or are small.
    wanted constant text[] := ARRAY[
        'accounts id', 'account_counts account',
        'follows follower', 'followers followee', 'blocks blocker', 'blocked_by blocked', 'mutes muter', 'closed_members account',
        'authors account', 'posts id', 'post_counts post', 'likes account', 'likers post', 'mentions account', 'idempotency_keys account',
        'attached medium', 'account_pictures medium'];
    one text;
    name text;
    key text;
    owner name;
    primary_key text;
    foreign_keys text[];
    indices text[];
    statement text;
    part int;
BEGIN
    IF partitions NOT BETWEEN 2 AND 1024 THEN
        RAISE EXCEPTION 'rookery.partitions is %; ids have 1024 partitions, so it must be from 2 to 1024', partitions;
    END IF;
    IF EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'processes') THEN
        IF EXISTS (SELECT FROM processes WHERE seen_at > extract(epoch FROM now()) * 1000 - 5000) THEN
            RAISE EXCEPTION 'a server runs on this database; stop all of them, and try again after 5 seconds';
        END IF;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_opclass WHERE opcname = 'by_partition') THEN
        CREATE OPERATOR CLASS by_partition FOR TYPE bigint USING hash AS
            OPERATOR 1 = (bigint, bigint), FUNCTION 2 partition_of(bigint, bigint);
    END IF;
    FOREACH one IN ARRAY wanted LOOP
        name := split_part(one, ' ', 1);
        key := split_part(one, ' ', 2);
        -- A database of one capability has not all of them; one that is in partitions is left as it is.
        CONTINUE WHEN to_regclass(name) IS NULL
            OR (SELECT relkind FROM pg_class WHERE oid = to_regclass(name)) = 'p';
        SELECT relowner::regrole INTO owner FROM pg_class WHERE oid = to_regclass(name);
        SELECT pg_get_constraintdef(oid) INTO primary_key FROM pg_constraint
            WHERE conrelid = to_regclass(name) AND contype = 'p';
        SELECT array_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))) INTO foreign_keys
            FROM pg_constraint WHERE confrelid = to_regclass(name) AND contype = 'f';
        SELECT array_agg(pg_get_indexdef(indexrelid)) INTO indices FROM pg_index
            WHERE indrelid = to_regclass(name) AND NOT indisprimary;
        FOR statement IN
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
            FROM pg_constraint WHERE confrelid = to_regclass(name) AND contype = 'f'
        LOOP
            EXECUTE statement;
        END LOOP;

        EXECUTE format('ALTER TABLE %I RENAME TO %I', name, name || '_before');
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY HASH (%I by_partition)',
            name, name || '_before', key);
        FOR part IN 0 .. partitions - 1 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
                name || '_' || part, name, partitions, part);
            EXECUTE format('ALTER TABLE %I OWNER TO %I', name || '_' || part, owner);
        END LOOP;
        EXECUTE format('ALTER TABLE %I OWNER TO %I', name, owner);
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', name, name || '_before');
        EXECUTE format('DROP TABLE %I', name || '_before');
        EXECUTE format('ALTER TABLE %I ADD %s', name, primary_key);
        FOREACH statement IN ARRAY coalesce(indices, '{}') LOOP
            IF statement LIKE 'CREATE UNIQUE INDEX %' THEN
                -- Unique in each partition is unique: what must not be there twice is one account's, and all of that is in one.
                FOR part IN 0 .. partitions - 1 LOOP
                    EXECUTE regexp_replace(statement, 'INDEX (\S+) ON (\S+)', format('INDEX \1_%s ON \2_%s', part, part));
                END LOOP;
            ELSE
                EXECUTE statement;
            END IF;
        END LOOP;
        FOREACH statement IN ARRAY coalesce(foreign_keys, '{}') LOOP
            EXECUTE statement;
        END LOOP;
    END LOOP;
END $$;

COMMIT;

ANALYZE;
