package dev.musicfs.content.plan;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is known of the blocks of one version of a file. Safe for any thread; takes memory for known blocks only. */
public final class BlockAddresses {
    private final AudioLayout layout;
    private final BlockPlan plan;
    private final Map<Integer, Address> addresses = new ConcurrentHashMap<>();

    /** What is known of the blocks of a file with this layout, by number; numbers that it does not have are ignored. */
    public BlockAddresses(long sizeBytes, AudioLayout layout, Map<Integer, ChunkId> known) {
        this.layout = layout;
        this.plan = BlockPlan.of(sizeBytes, layout);
        known.forEach((block, chunk) -> {
            if (block >= 0 && block < plan.count()) {
                stored(block, chunk);
            }
        });
    }

    /** What it is cut by. */
    public AudioLayout layout() {
        return layout;
    }

    /** How it is cut. */
    public BlockPlan plan() {
        return plan;
    }

    /** The address of a block that should be in the store, null otherwise. */
    public @Nullable ChunkId stored(int block) {
        Address address = addresses.get(block);
        return address != null && address.inStore() ? address.chunk() : null;
    }

    /** The address that the bytes of a block must have, null when it has never been seen. */
    public @Nullable ChunkId expected(int block) {
        Address address = addresses.get(block);
        return address == null ? null : address.chunk();
    }

    /** The block is in the store. */
    public void stored(int block, ChunkId chunk) {
        addresses.put(block, new Address(chunk, true));
    }

    /** The store could not give the block; its address stays the one to expect. */
    public void lost(int block, ChunkId chunk) {
        addresses.replace(block, new Address(chunk, true), new Address(chunk, false));
    }

    /** Whether the store is not known to have any block. */
    public boolean nothingStored() {
        return addresses.values().stream().noneMatch(Address::inStore);
    }

    /** All addresses, by block. */
    public Map<Integer, ChunkId> all() {
        Map<Integer, ChunkId> all = new HashMap<>();
        addresses.forEach((block, address) -> all.put(block, address.chunk()));
        return all;
    }

    private record Address(ChunkId chunk, boolean inStore) {}
}
