package dev.musicfs.formats;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Headers built by hand. */
final class BuiltBytes {
    private BuiltBytes() {}

    /** Texts (one byte a character), arrays, and numbers of one byte, one behind the other. */
    static byte[] join(Object... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof byte[] bytes) {
                all.writeBytes(bytes);
            } else if (part instanceof Integer number) {
                all.write(number);
            } else {
                all.writeBytes(part.toString().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return all.toByteArray();
    }

    static byte[] big(int bytes, long value) {
        byte[] result = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            result[i] = (byte) (value >>> (8 * (bytes - 1 - i)));
        }
        return result;
    }

    static byte[] little(int bytes, long value) {
        byte[] result = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            result[i] = (byte) (value >>> (8 * i));
        }
        return result;
    }

    static byte[] safe(int value) {
        return new byte[] {
            (byte) ((value >> 21) & 0x7F),
            (byte) ((value >> 14) & 0x7F),
            (byte) ((value >> 7) & 0x7F),
            (byte) (value & 0x7F)
        };
    }

    static byte[] zeros(int count) {
        return new byte[count];
    }

    /** The same for the same seed; no byte of it looks like a magic by more than accident. */
    static byte[] noise(int seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** An ID3v2 tag; 2.4 with a footer when the flag 0x10 says so. */
    static byte[] id3(int version, int flags, byte[] body) {
        byte[] tag = join("ID3", version, 0, flags, safe(body.length), body);
        return (flags & 0x10) == 0 ? tag : join(tag, "3DI", version, 0, flags, safe(body.length));
    }

    /** The content of APIC. */
    static byte[] apic(byte[] picture) {
        return join(0, "image/png\0", 3, "front\0", picture);
    }

    static byte[] frame23(String name, int flags, byte[] content) {
        return join(name, big(4, content.length), big(2, flags), content);
    }

    static byte[] frame24(String name, int flags, byte[] content) {
        return join(name, safe(content.length), big(2, flags), content);
    }

    /** Frames of MPEG 1, layer III, 128 kbit/s, 44,100 Hz: 417 bytes each. */
    static byte[] mpeg(int frames) {
        byte[] all = {};
        for (int i = 0; i < frames; i++) {
            all = join(all, 0xFF, 0xFB, 0x90, 0, noise(i, 413));
        }
        return all;
    }

    static byte[] atom(String name, Object... content) {
        byte[] payload = join(content);
        return join(big(4, payload.length + 8L), name, payload);
    }

    static byte[] apeTag(boolean header, byte[]... items) {
        byte[] body = join((Object[]) items);
        long flags = header ? 0x80000000L : 0;
        byte[] numbers = join(little(4, 2000), little(4, body.length + 32L), little(4, items.length));
        byte[] footer = join("APETAGEX", numbers, little(4, flags), zeros(8));
        byte[] head = join("APETAGEX", numbers, little(4, flags | 0x20000000L), zeros(8));
        return header ? join(head, body, footer) : join(body, footer);
    }

    static byte[] apeItem(String key, int flags, byte[] value) {
        return join(little(4, value.length), little(4, flags), key, 0, value);
    }

    static byte[] id3v1() {
        return join("TAG", zeros(125));
    }

    static byte[] lyrics() {
        byte[] fields = join("LYRICSBEGIN", "IND00002", "10", "LYR00005", "words");
        return join(fields, "%06d".formatted(fields.length), "LYRICS200");
    }

    static byte[] riffChunk(String name, byte[] content) {
        return join(name, little(4, content.length), content, zeros(content.length & 1));
    }

    static byte[] iffChunk(String name, byte[] content) {
        return join(name, big(4, content.length), content, zeros(content.length & 1));
    }
}
