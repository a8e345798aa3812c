package dev.musicfs.chunk.disk;

/** A chunk file that is not what it says; the message goes on after the file's name. */
final class DamagedChunkException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedChunkException(String message) {
        super(message);
    }
}
