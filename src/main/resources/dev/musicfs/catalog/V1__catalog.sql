-- The catalog of MusicFS. Never change this file once it has shipped: add V2__*.sql.
-- Unique rules are named indexes, not table constraints, so that a bulk load can drop and rebuild them.

CREATE TABLE file (
    id           INTEGER PRIMARY KEY,
    origin       TEXT    NOT NULL,
    folder       BLOB    NOT NULL, -- bytes of the directory's path, empty for the origin's root
    name         BLOB    NOT NULL, -- bytes of the last name; need not be UTF-8
    kind         INTEGER NOT NULL, -- FileKind.code()
    size         INTEGER NOT NULL,
    mtime_ns     INTEGER NOT NULL,
    version_tag  TEXT    NOT NULL,
    file_key     INTEGER NOT NULL,
    title        TEXT    NOT NULL,
    artist       TEXT    NOT NULL,
    album_artist TEXT    NOT NULL,
    album        TEXT    NOT NULL,
    genre        TEXT    NOT NULL,
    composer     TEXT    NOT NULL,
    year         INTEGER NOT NULL,
    track        INTEGER NOT NULL,
    disc         INTEGER NOT NULL,
    disc_total   INTEGER NOT NULL,
    compilation  INTEGER NOT NULL,
    format       TEXT    NOT NULL,
    duration_ms  INTEGER NOT NULL,
    bitrate_kbps INTEGER NOT NULL,
    well_formed  INTEGER NOT NULL,
    CHECK (id > 0),
    CHECK (typeof(folder) = 'blob' AND typeof(name) = 'blob')
);
CREATE UNIQUE INDEX file_place ON file (origin, folder, name);

-- The directories of the origins without their roots.
CREATE TABLE folder (
    origin TEXT NOT NULL,
    parent BLOB NOT NULL,
    name   BLOB NOT NULL,
    PRIMARY KEY (origin, parent, name),
    CHECK (typeof(parent) = 'blob' AND typeof(name) = 'blob')
) WITHOUT ROWID;

-- The mounted tree. file_id is NULL for a directory.
CREATE TABLE node (
    id       INTEGER PRIMARY KEY,
    parent   INTEGER NOT NULL REFERENCES node (id),
    name     TEXT    NOT NULL COLLATE BINARY,
    file_id  INTEGER REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    CHECK ((id = 1) = (name = '')),
    CHECK ((id = 1) <= (parent = 1 AND file_id IS NULL)),
    CHECK (id <> parent OR id = 1)
);
CREATE UNIQUE INDEX node_name ON node (parent, name);
CREATE INDEX node_file ON node (file_id);

-- Sums over node, kept by the triggers below.
CREATE TABLE totals (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    files       INTEGER NOT NULL,
    directories INTEGER NOT NULL,
    bytes       INTEGER NOT NULL
);

-- Every number below next is given out or reserved by a running program.
CREATE TABLE sequence (
    name TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO node (id, parent, name, file_id, size, mtime_ns) VALUES (1, 1, '', NULL, 0, 0);
INSERT INTO totals (one, files, directories, bytes) VALUES (1, 0, 1, 0);
INSERT INTO sequence (name, next) VALUES ('file', 1), ('node', 2);

CREATE TRIGGER node_added AFTER INSERT ON node BEGIN
    UPDATE totals SET
        files = files + (NEW.file_id IS NOT NULL),
        directories = directories + (NEW.file_id IS NULL),
        bytes = bytes + iif(NEW.file_id IS NULL, 0, NEW.size);
END;

CREATE TRIGGER node_removed AFTER DELETE ON node BEGIN
    SELECT RAISE(ABORT, 'the root cannot be removed') WHERE OLD.id = 1;
    UPDATE totals SET
        files = files - (OLD.file_id IS NOT NULL),
        directories = directories - (OLD.file_id IS NULL),
        bytes = bytes - iif(OLD.file_id IS NULL, 0, OLD.size);
END;

CREATE TRIGGER node_changed AFTER UPDATE OF file_id, size ON node
WHEN OLD.size <> NEW.size OR OLD.file_id IS NOT NEW.file_id BEGIN
    UPDATE totals SET
        files = files - (OLD.file_id IS NOT NULL) + (NEW.file_id IS NOT NULL),
        directories = directories - (OLD.file_id IS NULL) + (NEW.file_id IS NULL),
        bytes = bytes - iif(OLD.file_id IS NULL, 0, OLD.size) + iif(NEW.file_id IS NULL, 0, NEW.size);
END;
