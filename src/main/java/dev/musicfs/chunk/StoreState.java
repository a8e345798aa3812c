package dev.musicfs.chunk;

/** What a store is fit for at present. Fill is relative to what it may hold ({@code cache.size}, {@code cache.min_free}). */
public enum StoreState {
    /** Everything. */
    NORMAL(true, true, true),
    /** 90 % full: chunks are being evicted. */
    EVICTING(true, true, true),
    /** 95 % full: no more reading ahead, evicting hard. */
    PRESSED(true, true, false),
    /** 99 % full: no more writing. */
    FULL(true, false, false),
    /** The disk refuses writes (read-only, permissions, failing): what is there can be read. */
    UNWRITABLE(true, false, false),
    /** The disk does not answer, or there is none: neither read nor written until a probe succeeds. */
    UNUSABLE(false, false, false);

    private final boolean readable;
    private final boolean writable;
    private final boolean prefetching;

    StoreState(boolean readable, boolean writable, boolean prefetching) {
        this.readable = readable;
        this.writable = writable;
        this.prefetching = prefetching;
    }

    /** Whether reading a chunk is worth a try. */
    public boolean readable() {
        return readable;
    }

    /** Whether putting a chunk is worth a try. */
    public boolean writable() {
        return writable;
    }

    /** Whether there is room for what nobody has asked for yet. */
    public boolean prefetching() {
        return prefetching;
    }
}
