package dev.musicfs.origin.sftp;

import java.nio.ByteBuffer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the data of one answer go, put there by the thread of MINA that has them, so that they are copied once. Its place is
 * part of a room that is closed when the reader leaves; what comes later is dropped.
 */
final class Landing {
    private final Room room;
    private final int at;
    private final int length;
    private int landed;

    /** For so many bytes at {@code at} of the room. */
    Landing(Room room, int at, int length) {
        this.room = room;
        this.at = at;
        this.length = length;
    }

    /** The memory of one read. For any thread. */
    static final class Room implements AutoCloseable {
        private @Nullable ByteBuffer memory;

        /** Between position and limit, neither of which moves. */
        Room(ByteBuffer memory) {
            this.memory = memory.slice();
        }

        private synchronized void put(int at, byte[] from, int offset, int count) {
            if (memory != null) {
                memory.put(at, from, offset, count);
            }
        }

        /** Nothing is written there any more. */
        @Override
        public synchronized void close() {
            memory = null;
        }
    }

    /**
     * Takes the data of an answer whose header has been read. False, with the answer as it was, when it is not what was asked
     * for.
     */
    boolean take(Buffer answer) {
        int start = answer.rpos();
        int count = answer.available() < Integer.BYTES ? 0 : answer.getInt();
        if (count <= 0 || count > length || count > answer.available()) {
            answer.rpos(start);
            return false;
        }
        room.put(at, answer.array(), answer.rpos(), count);
        landed = count;
        return true;
    }

    /** How many bytes came; to be asked by who was given the answer. */
    int landed() {
        return landed;
    }
}
