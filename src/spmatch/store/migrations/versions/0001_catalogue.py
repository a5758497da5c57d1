"""The catalogue: activities with what limits look at, their vectors, and who made which revision."""

from __future__ import annotations

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE edition (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea NOT NULL UNIQUE,
    encoder_name text NOT NULL,
    encoder_version text NOT NULL,
    encoder_sha256 text NOT NULL,
    dimensions integer NOT NULL CHECK (dimensions > 0),
    build_hash text NOT NULL,
    places text NOT NULL,
    related double precision NOT NULL,
    spread double precision NOT NULL,
    reference_vectors vector[] NOT NULL,
    reference_sentence_vectors vector[] NOT NULL
);
COMMENT ON TABLE edition IS
    'What vectors were made with: the encoder, its calibration, the settings, the gazetteer.';

CREATE TABLE encoder_file (
    edition integer NOT NULL REFERENCES edition ON DELETE CASCADE,
    path text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (edition, path)
);

CREATE TABLE revision (
    number bigint PRIMARY KEY,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    edition integer NOT NULL REFERENCES edition,
    catalogue_id text NOT NULL,
    catalogue_hash text,
    activities bigint NOT NULL,
    checksum numeric NOT NULL,
    added bigint NOT NULL,
    changed bigint NOT NULL,
    withdrawn bigint NOT NULL
);
COMMENT ON TABLE revision IS
    'One row for each change of the catalogue, numbered in the order in which they were committed.';

CREATE TABLE activity (
    id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    digest bytea NOT NULL,
    mark bigint NOT NULL,
    text_digest bytea NOT NULL,
    record jsonb NOT NULL,
    vector vector NOT NULL,
    sentences text[] NOT NULL,
    sentence_vectors vector[] NOT NULL,
    lat double precision,
    lon double precision,
    margin_km double precision,
    vague boolean NOT NULL,
    west double precision NOT NULL,
    south double precision NOT NULL,
    east double precision NOT NULL,
    north double precision NOT NULL,
    delivery text,
    amount double precision,
    per text,
    currency text,
    concession_for text[] NOT NULL,
    concession_amount double precision[] NOT NULL,
    age_min smallint,
    age_max smallint,
    gender text,
    languages text[] NOT NULL,
    access_yes text[] NOT NULL,
    access_no text[] NOT NULL,
    first_visit_yes text[] NOT NULL,
    first_visit_no text[] NOT NULL,
    referral text,
    places_left integer,
    waiting_list boolean,
    intensity text,
    session_day smallint[] NOT NULL,
    session_start smallint[] NOT NULL,
    session_end smallint[] NOT NULL,
    session_last date[] NOT NULL,
    ends date,
    CHECK (cardinality(sentences) = cardinality(sentence_vectors)),
    CHECK (cardinality(concession_for) = cardinality(concession_amount))
) WITH (toast_tuple_target = 256);
COMMENT ON COLUMN activity.mark IS 'The first eight bytes of digest; a revision holds their sum.';
COMMENT ON COLUMN activity.margin_km IS 'How far the true place may be from lat and lon.';
COMMENT ON COLUMN activity.vague IS 'Only a town says where it is: too little to exclude by.';
COMMENT ON COLUMN activity.west IS
    'With south, east and north: where it can be; the whole world where no distance excludes it.';
COMMENT ON COLUMN activity.session_last IS 'The last date on which each session can meet.';
COMMENT ON COLUMN activity.ends IS 'The last date of all sessions; null where one has no end.';

CREATE INDEX activity_extent ON activity USING gist (box(point(west, south), point(east, north)));
CREATE INDEX activity_revision ON activity (revision);

CREATE TABLE withdrawn (
    id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL
);
COMMENT ON TABLE withdrawn IS 'Ids alone, so that services that follow leave them out as well.';
CREATE INDEX withdrawn_revision ON withdrawn (revision);
"""


def upgrade() -> None:
    from alembic import op

    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    from alembic import op

    op.execute("DROP TABLE withdrawn, activity, revision, encoder_file, edition")
