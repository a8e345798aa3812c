package dev.musicfs.content.fetch;

import dev.musicfs.model.ChunkId;
import dev.musicfs.origin.Copy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The wrong bytes received for one block, and the copies that gave them. Confined to the loop. */
final class WrongBytes {
    private final Map<ChunkId, Set<Copy>> givers = new HashMap<>();

    /** What to make of them. */
    enum Verdict {
        /** Another copy may have the right ones. */
        ASK_AGAIN,
        /** The file itself or two of its copies insist on them: it has changed although its version has not. */
        FILE_CHANGED,
        /** Each copy gives others. */
        NOBODY_IS_RIGHT
    }

    /**
     * Wrong bytes have come, perhaps of several copies together.
     *
     * @param address of the bytes
     * @param leader the file itself
     * @param copies how many copies there are, the file itself included
     */
    Verdict came(ChunkId address, Set<Copy> by, Copy leader, int copies) {
        Set<Copy> before = givers.put(address, by);
        if (before == null) {
            return givers.size() <= copies ? Verdict.ASK_AGAIN : Verdict.NOBODY_IS_RIGHT;
        }
        Set<Copy> agreeing = new HashSet<>(by);
        agreeing.addAll(before);
        return agreeing.size() > 1 || agreeing.contains(leader) ? Verdict.FILE_CHANGED : Verdict.NOBODY_IS_RIGHT;
    }
}
