package dev.musicfs.fuse.device;

import dev.musicfs.fuse.protocol.Negotiation;
import dev.musicfs.runtime.Clock;
import java.time.Duration;

/**
 * How a {@link RequestLoop} goes about it.
 *
 * @param wishes what the kernel is asked for
 * @param patience until when a request has to be answered, from when it was read
 * @param clock for that
 */
public record LoopSettings(Negotiation.Wishes wishes, Duration patience, Clock clock) {}
