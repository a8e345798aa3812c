-- Layouts, manifests and pins. All of them vanish with their file: ON DELETE CASCADE, whose look at the tables below is
-- by their primary keys. Never change this file once it has shipped: add V3__*.sql.

-- Where the audio of a version of a file lies. The version need not be the file's present one.
CREATE TABLE layout (
    file_id     INTEGER PRIMARY KEY REFERENCES file (id) ON DELETE CASCADE,
    size        INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    version_tag TEXT    NOT NULL,
    audio_start INTEGER NOT NULL,
    audio_end   INTEGER NOT NULL,
    pictures    BLOB    NOT NULL, -- offset and length of each, 64 bits each, big-endian
    stream_hash TEXT    NOT NULL,
    CHECK (audio_start >= 0 AND audio_end >= audio_start),
    CHECK (typeof(pictures) = 'blob' AND length(pictures) % 16 = 0)
);

-- A version of a file that blocks are known of, with the layout they were cut by.
CREATE TABLE manifest (
    file_id     INTEGER PRIMARY KEY REFERENCES file (id) ON DELETE CASCADE,
    size        INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    version_tag TEXT    NOT NULL,
    audio_start INTEGER NOT NULL,
    audio_end   INTEGER NOT NULL,
    pictures    BLOB    NOT NULL,
    stream_hash TEXT    NOT NULL,
    CHECK (audio_start >= 0 AND audio_end >= audio_start),
    CHECK (typeof(pictures) = 'blob' AND length(pictures) % 16 = 0)
);

-- The chunk of each block of a manifest that has been seen.
CREATE TABLE block (
    file_id INTEGER NOT NULL REFERENCES manifest (file_id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    chunk   BLOB    NOT NULL, -- SHA-256
    PRIMARY KEY (file_id, number),
    CHECK (number >= 0),
    CHECK (typeof(chunk) = 'blob' AND length(chunk) = 32)
) WITHOUT ROWID;

-- Files somebody wants to keep.
CREATE TABLE pin (
    file_id INTEGER PRIMARY KEY REFERENCES file (id) ON DELETE CASCADE
);
