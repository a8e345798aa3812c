package dev.musicfs.config;

/** Whether a running daemon takes another value of a key. */
enum Heat {
    /** At once. */
    HOT,
    /** Only at the next start. */
    COLD,
    /** At once, as long as there is a store before and after: it is made, or left out, at the start only. */
    HOT_WITH_STORE;

    boolean isHot(MusicFsConfig before, MusicFsConfig after) {
        return switch (this) {
            case HOT -> true;
            case COLD -> false;
            case HOT_WITH_STORE ->
                (before.cache().sizeBytes() == 0) == (after.cache().sizeBytes() == 0);
        };
    }
}
