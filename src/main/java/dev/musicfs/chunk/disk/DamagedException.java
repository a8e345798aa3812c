package dev.musicfs.chunk.disk;

/** A chunk file that is not what it says; the message goes on after the file's name. */
final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message);
    }
}
