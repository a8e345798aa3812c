package dev.musicfs.control.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * The head of an answer, and its body as a stream: by length or in chunks, which is what the daemon's HTTP server sends
 * (RFC 9112, sections 6 and 7).
 *
 * @param status HTTP's status
 * @param body what follows; ends where the answer ends
 */
record HttpReply(int status, InputStream body) {
    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int MAX_HEADERS = 100;

    static HttpReply read(ControlChannel channel) throws IOException {
        String[] first = channel.line(MAX_LINE_BYTES).split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.")) {
            throw new IOException("what answers is no HTTP server");
        }
        long length = 0;
        boolean chunked = false;
        int headers = 0;
        for (String line = channel.line(MAX_LINE_BYTES); !line.isEmpty(); line = channel.line(MAX_LINE_BYTES)) {
            if (++headers > MAX_HEADERS) {
                throw new IOException("more than " + MAX_HEADERS + " headers came");
            }
            String header = line.toLowerCase(Locale.ROOT);
            String value = header.substring(header.indexOf(':') + 1).strip();
            if (header.startsWith("content-length:")) {
                length = number(value, 10);
            } else if (header.startsWith("transfer-encoding:")) {
                chunked = value.equals("chunked");
            }
        }
        return new HttpReply(Math.toIntExact(number(first[1], 10)), new Body(channel, chunked, length));
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text.strip(), radix);
            if (number >= 0 && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException("a length that is no number came", e);
        }
        throw new IOException("a length out of bounds came");
    }

    /** Of known length, or in chunks. */
    private static final class Body extends InputStream {
        private final ControlChannel channel;
        private final boolean chunked;
        private long left;
        private boolean begun;
        private boolean ended;

        Body(ControlChannel channel, boolean chunked, long length) {
            this.channel = channel;
            this.chunked = chunked;
            this.left = chunked ? 0 : length;
        }

        @Override
        public int read() throws IOException {
            if (!more()) {
                return -1;
            }
            left--;
            return Byte.toUnsignedInt(channel.read());
        }

        // What is left of one chunk at most, so that no caller waits for another that never comes.
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!more()) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            for (int i = 0; i < count; i++) {
                bytes[offset + i] = channel.read();
            }
            left -= count;
            return count;
        }

        private boolean more() throws IOException {
            if (left == 0 && !ended) {
                if (chunked) {
                    next();
                } else {
                    ended = true;
                }
            }
            return !ended;
        }

        private void next() throws IOException {
            if (begun && !channel.line(2).isEmpty()) {
                throw new IOException("a chunk is longer than it says");
            }
            begun = true;
            String size = channel.line(MAX_LINE_BYTES);
            int extension = size.indexOf(';');
            left = number(extension < 0 ? size : size.substring(0, extension), 16);
            ended = left == 0;
        }
    }
}
