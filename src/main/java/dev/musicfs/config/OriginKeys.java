package dev.musicfs.config;

import static dev.musicfs.config.Heat.HOT;
import static dev.musicfs.config.Quantities.duration;
import static dev.musicfs.config.Quantities.size;
import static dev.musicfs.config.ValueType.bool;
import static dev.musicfs.config.ValueType.integer;
import static dev.musicfs.config.ValueType.string;

import dev.musicfs.model.OriginId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys that every {@code [[origins]]} table may have; a type of origin adds its own, see {@link OriginType#keys}. */
final class OriginKeys {
    static final Key<OriginConfig, OriginId> ID = Key.unset(
            "id",
            new ValueType<>("1 to 64 of a-z A-Z 0-9 . _ -", OriginKeys::id, OriginId::value),
            new OriginId("disk"),
            origin -> Optional.of(origin.id()),
            HOT,
            "required: 1 to 64 of a-z A-Z 0-9 . _ - ; never change it, the catalog keeps it",
            "required");

    /** Which words there are depends on the backends: the loader narrows this. */
    static final Key<OriginConfig, String> TYPE = Key.of(
            "type",
            string(),
            "local",
            origin -> origin.type().name(),
            HOT,
            "local, nfs, smb, s3, sftp, http, or what a backend on the class path brings");

    static final Key<OriginConfig, Integer> PRIORITY = Key.of(
            "priority",
            integer(0, 1_000_000),
            OriginConfig.DEFAULT_PRIORITY,
            OriginConfig::priority,
            HOT,
            "of a track that several origins have, the copy with the lowest is shown; then the first in this file");

    static final Key<OriginConfig, Boolean> ENABLED =
            Key.of("enabled", bool(), true, OriginConfig::enabled, HOT, "false: it is not used");

    static final Key<OriginConfig, Duration> POLL_INTERVAL = Key.of(
            "poll_interval",
            duration(),
            OriginConfig.DEFAULT_POLL_INTERVAL,
            OriginConfig::pollInterval,
            HOT,
            "listed again this often, for changes no notification told of; units ms, s, m, h, d");

    static final Key<OriginConfig, Duration> TIMEOUT = Key.unset(
            "timeout",
            duration(),
            Duration.ofSeconds(10),
            origin -> Optional.of(origin.timeout()),
            HOT,
            "how long one request may take",
            "by its type");

    static final Key<OriginConfig, Integer> CONCURRENCY = Key.unset(
            "concurrency",
            integer(1, 256),
            4,
            origin -> Optional.of(origin.concurrency()),
            HOT,
            "requests at a time; unless set, 4 for disks and shares, 8 for servers",
            "by its type");

    static final Key<OriginConfig, Long> BANDWIDTH_LIMIT = Key.of(
            "bandwidth_limit",
            size(1L << 40),
            0L,
            OriginConfig::bandwidthLimitBytes,
            HOT,
            "the most read in a second, such as \"2MB\"; 0: no limit");

    private OriginKeys() {}

    /** In the order of the example file. */
    static List<Key<OriginConfig, ?>> all() {
        return List.of(ID, TYPE, PRIORITY, ENABLED, POLL_INTERVAL, TIMEOUT, CONCURRENCY, BANDWIDTH_LIMIT);
    }

    private static Optional<OriginId> id(Setting setting, Environment environment) {
        try {
            return setting.value() instanceof String name ? Optional.of(new OriginId(name)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
