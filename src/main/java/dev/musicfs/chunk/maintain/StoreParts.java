package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.disk.SpaceProbe;
import dev.musicfs.chunk.index.IndexSource;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a store is made of.
 *
 * @param directory where it keeps everything
 * @param files its chunk files
 * @param indexes where its index comes from
 * @param space free space of its disk
 * @param disk what the disk is fit for: {@code NORMAL}, {@code UNWRITABLE} or {@code UNUSABLE}; never blocks
 * @param pins what should be pinned; asked, on a thread that may wait, when a new index has been filled
 * @param throttle slows down background work
 */
public record StoreParts(
        Path directory,
        CacheConfig config,
        Clock clock,
        ChunkFiles files,
        IndexSource indexes,
        SpaceProbe space,
        Supplier<StoreState> disk,
        Supplier<Stream<ChunkId>> pins,
        Throttle throttle) {}
