package dev.musicfs.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Refuses files whose headers announce more than the file holds. The tag library allocates what a header announces before
 * it looks whether it is there, up to 2 GiB at once; a daemon cannot afford to find out by running out of memory. Small
 * excesses pass: real files have them, and the library copes or fails cheaply.
 */
final class LengthGuard {
    private static final long TOLERATED_BYTES = 1 << 20;

    /** Also what is really there has to fit into the heap. */
    private static final long MAX_BYTES = 64 << 20;

    private static final int MAX_CHUNKS = 100_000;

    /** Audio is passed over, not read. */
    private static final Set<String> AUDIO_CHUNKS = Set.of("data", "SSND", "mdat", "free", "skip");

    private LengthGuard() {}

    /** Blocks; fails with {@link MalformedAudioException} when the file is refused, other exceptions are real I/O. */
    static void check(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer head = read(channel, 0);
            String magic = text(head, 0);
            if (magic.equals("RIFF")) {
                checkChunks(channel, 12, ByteOrder.LITTLE_ENDIAN);
            } else if (magic.equals("FORM")) {
                checkChunks(channel, 12, ByteOrder.BIG_ENDIAN);
            } else if (text(head, 4).equals("ftyp")) {
                checkAtoms(channel);
            } else if (magic.startsWith("ID3")) {
                long size = 0;
                for (int i = 6; i < 10; i++) {
                    size = size << 7 | (head.get(i) & 0x7F);
                }
                refuseExcess("ID3", size, channel.size());
            }
        }
    }

    /** RIFF and IFF: a name, a length that does not count these eight bytes, padding to an even length. */
    private static void checkChunks(FileChannel channel, long from, ByteOrder order) throws IOException {
        long at = from;
        for (int i = 0; at + 8 <= channel.size(); i++) {
            refuseEndless(i);
            ByteBuffer head = read(channel, at).order(order);
            long length = Integer.toUnsignedLong(head.getInt(4));
            refuseExcess(text(head, 0), length, channel.size() - at - 8);
            at += 8 + length + (length & 1);
        }
    }

    /** MP4: a length that counts itself, a name; length 1 is followed by the true one, length 0 goes to the end. */
    private static void checkAtoms(FileChannel channel) throws IOException {
        long at = 0;
        for (int i = 0; at + 8 <= channel.size(); i++) {
            refuseEndless(i);
            ByteBuffer head = read(channel, at);
            long length = Integer.toUnsignedLong(head.getInt(0));
            if (length == 1) {
                length = head.getLong(8);
            }
            if (length == 0) {
                length = channel.size() - at;
            }
            if (length < 8) {
                throw new MalformedAudioException("an MP4 atom of " + length + " bytes");
            }
            refuseExcess(text(head, 4), length, channel.size() - at);
            if (length > channel.size() - at) {
                return;
            }
            at += length;
        }
    }

    private static void refuseEndless(int chunks) throws MalformedAudioException {
        if (chunks > MAX_CHUNKS) {
            throw new MalformedAudioException("more than " + MAX_CHUNKS + " chunks");
        }
    }

    private static void refuseExcess(String name, long length, long available) throws MalformedAudioException {
        if (!AUDIO_CHUNKS.contains(name) && (length > MAX_BYTES || length > available + TOLERATED_BYTES)) {
            throw new MalformedAudioException(
                    "\"" + TagText.clean(name) + "\" announces " + length + " bytes, the file has " + available);
        }
    }

    private static String text(ByteBuffer bytes, int at) {
        byte[] name = new byte[4];
        bytes.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    /** 16 bytes, zeros where the file ends before. */
    private static ByteBuffer read(FileChannel channel, long at) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return bytes.clear();
    }
}
