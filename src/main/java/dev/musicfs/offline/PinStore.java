package dev.musicfs.offline;

import java.util.List;

/** Where it is noted which files are pinned. Blocks. */
interface PinStore {
    /** Pins files, or no longer; those that are so already are ignored. */
    void setBlocking(List<Long> fileIds, boolean pinned);

    /** All that are pinned. */
    List<Long> pinnedBlocking();
}
