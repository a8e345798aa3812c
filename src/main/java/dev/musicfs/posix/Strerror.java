package dev.musicfs.posix;

import java.nio.charset.Charset;

/** What the C library says of an error number, in the language and encoding of this process. */
public final class Strerror {
    private static final int MOST_BYTES = 1024;

    private Strerror() {}

    /** As strerror(3), and as the JDK puts it into its exceptions. A {@link LinkageError} as {@link CLibrary#calls}. */
    public static String of(int number) {
        byte[] text = new byte[MOST_BYTES];
        CLibrary.calls().__xpg_strerror_r(number, text, MOST_BYTES);
        int length = 0;
        while (length < MOST_BYTES && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }
}
