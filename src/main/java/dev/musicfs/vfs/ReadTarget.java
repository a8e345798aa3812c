package dev.musicfs.vfs;

import java.nio.ByteBuffer;

/** Where the bytes of one read go. Used by one thread at a time. */
public interface ReadTarget {
    /** Room for exactly what was asked for, between position and limit; taken when the bytes are likely to be there. */
    ByteBuffer take();

    /**
     * The bytes were not there after all: the room is not used, and may be taken again. Not called when the read fails; the
     * outcome says that nobody uses the room any more.
     */
    void giveBack();
}
