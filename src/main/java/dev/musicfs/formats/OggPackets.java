package dev.musicfs.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The packets of one logical stream of an Ogg file in order, read page by page (RFC 3533). Holds one page (at most 65,307
 * bytes) at a time and gives up after {@link #MAX_BYTES}. Checksums are not checked.
 */
final class OggPackets {
    /** "OggS", little-endian. */
    static final int CAPTURE = 0x5367674F;

    static final int HEADER_BYTES = 27;

    /** Comment headers hold pictures; beyond this it is no header any more. */
    private static final long MAX_BYTES = 64L << 20;

    private final InputStream in;
    private long bytesRead;
    private int serial;
    private boolean serialKnown;
    private byte[] lacing = {};
    private byte[] body = {};
    private int segment = -1;
    private int position;
    private int left;

    /** Starts with the first packet of the stream that the first page belongs to. The stream stays the caller's. */
    OggPackets(InputStream in) throws IOException {
        this.in = in;
        nextSegment();
    }

    /** The serial number of the logical stream. */
    int serial() {
        return serial;
    }

    /** Skips what is left of this packet. */
    void nextPacket() throws IOException {
        while (advance()) {
            position += left;
            left = 0;
        }
        nextSegment();
    }

    /** Up to {@code length} bytes of this packet, fewer when it ends. */
    byte[] readUpTo(int length) throws IOException {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length && advance()) {
            int n = Math.min(left, length - filled);
            System.arraycopy(body, position, bytes, filled, n);
            filled += n;
            position += n;
            left -= n;
        }
        return filled == length ? bytes : Arrays.copyOf(bytes, filled);
    }

    /** Exactly {@code length} bytes of this packet. */
    byte[] read(int length) throws IOException {
        byte[] bytes = readUpTo(length);
        if (bytes.length < length) {
            throw new MalformedAudioException("an Ogg packet ends early");
        }
        return bytes;
    }

    void skip(long length) throws IOException {
        long toSkip = length;
        while (toSkip > 0) {
            if (!advance()) {
                throw new MalformedAudioException("an Ogg packet ends early");
            }
            int n = (int) Math.min(left, toSkip);
            position += n;
            left -= n;
            toSkip -= n;
        }
    }

    /** An unsigned 32-bit number, little-endian. */
    long readLength() throws IOException {
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(read(4)).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    /** Makes at least one byte of this packet available; false at its end. */
    private boolean advance() throws IOException {
        while (left == 0) {
            if ((lacing[segment] & 0xFF) < 255) {
                return false;
            }
            nextSegment();
        }
        return true;
    }

    private void nextSegment() throws IOException {
        segment++;
        while (segment >= lacing.length) {
            nextPage();
            segment = 0;
        }
        left = lacing[segment] & 0xFF;
    }

    private void nextPage() throws IOException {
        ByteBuffer header;
        do {
            header = ByteBuffer.wrap(take(HEADER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            if (header.getInt(0) != CAPTURE || header.get(4) != 0) {
                throw new MalformedAudioException("not an Ogg page where one should begin");
            }
            lacing = take(header.get(26) & 0xFF);
            int bodyBytes = 0;
            for (byte lace : lacing) {
                bodyBytes += lace & 0xFF;
            }
            body = take(bodyBytes);
            if (!serialKnown) {
                serial = header.getInt(14);
                serialKnown = true;
            }
        } while (header.getInt(14) != serial);
        position = 0;
    }

    private byte[] take(int length) throws IOException {
        bytesRead += length;
        if (bytesRead > MAX_BYTES) {
            throw new MalformedAudioException("Ogg headers of more than " + MAX_BYTES + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new MalformedAudioException("the file ends inside an Ogg page");
        }
        return bytes;
    }
}
