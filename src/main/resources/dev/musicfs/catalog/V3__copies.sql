-- Copies of one track on several origins. Nothing here is proportional to the files but one index over the layouts.
-- Never change this file once it has shipped: add V4__*.sql.

-- The file that is shown in its place, 0 when it is shown itself. No reference: the tree moves both ends together.
ALTER TABLE file ADD COLUMN leader INTEGER NOT NULL DEFAULT 0;
CREATE INDEX file_leader ON file (leader) WHERE leader > 0;

CREATE INDEX layout_stream ON layout (stream_hash) WHERE stream_hash <> '';

-- SHA-256 over the plan and the chunks of a manifest that is complete.
ALTER TABLE manifest ADD COLUMN content BLOB CHECK (content IS NULL OR (typeof(content) = 'blob' AND length(content) = 32));
CREATE INDEX manifest_content ON manifest (content) WHERE content IS NOT NULL;

-- What the program wants to know about its last run.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
