package dev.musicfs.testkit;

import io.vertx.core.buffer.Buffer;

/** What becomes of the bytes of a read. */
final class BadBytes {
    private static final int EVERY_BYTES = 64;

    private BadBytes() {}

    static Buffer of(OriginMode mode, Buffer whole, long offset) {
        if (mode instanceof OriginMode.PartialRead partial) {
            return whole.slice(0, Math.min(whole.length(), partial.maxBytes()));
        } else if (mode instanceof OriginMode.WrongLength wrong) {
            return wrong.byBytes() < 0
                    ? whole.slice(0, Math.max(0, whole.length() + wrong.byBytes()))
                    : whole.copy().appendBytes(new byte[wrong.byBytes()]);
        } else if (mode instanceof OriginMode.WrongBytes) {
            return flipped(whole.copy(), offset);
        }
        return whole;
    }

    private static Buffer flipped(Buffer bytes, long offset) {
        for (int i = 0; i < bytes.length(); i++) {
            if (i == 0 || (offset + i) % EVERY_BYTES == 0) {
                bytes.setByte(i, (byte) (bytes.getByte(i) ^ 1));
            }
        }
        return bytes;
    }
}
