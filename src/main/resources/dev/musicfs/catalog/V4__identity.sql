-- The other names of a file: hard links, and links to it. Never change this file once it has shipped: add V5__*.sql.

CREATE INDEX file_inode ON file (origin, file_key) WHERE file_key <> 0;
