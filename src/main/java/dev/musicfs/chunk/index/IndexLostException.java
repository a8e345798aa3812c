package dev.musicfs.chunk.index;

/** The index cannot be trusted any more: it is thrown away, and a new one is made from the chunk files. */
public final class IndexLostException extends Exception {
    private static final long serialVersionUID = 1L;

    public IndexLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
