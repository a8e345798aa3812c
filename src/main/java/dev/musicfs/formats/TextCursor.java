package dev.musicfs.formats;

/** Bytes one after another, as Vorbis comments are read: in FLAC they lie together, in Ogg they are cut by pages. */
interface TextCursor {
    byte[] read(int length) throws ParsingStopped;

    void skip(long length) throws ParsingStopped;

    /** From {@code at} to {@code end} in the file. */
    static TextCursor between(LayoutBytes bytes, long from, long end) {
        return new TextCursor() {
            private long at = from;

            @Override
            public byte[] read(int length) throws ParsingStopped {
                if (length > end - at) {
                    throw ParsingStopped.malformed("comments that go on behind their end");
                }
                byte[] read = bytes.bytes(at, length);
                at += length;
                return read;
            }

            @Override
            public void skip(long length) throws ParsingStopped {
                if (length > end - at) {
                    throw ParsingStopped.malformed("a comment longer than what it is in");
                }
                at += length;
            }
        };
    }
}
