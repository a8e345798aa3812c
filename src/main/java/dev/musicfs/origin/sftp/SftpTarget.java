package dev.musicfs.origin.sftp;

import dev.musicfs.model.OriginId;
import dev.musicfs.origin.ListingLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One origin as it is configured.
 *
 * @param id its name
 * @param url where it is
 * @param timeout how long one request, or opening a connection, may take at most
 * @param concurrency how many requests there may be at a time
 * @param hostKey the server's key or its fingerprint; in its absence {@code knownHosts} decides
 * @param knownHosts a file as OpenSSH keeps it; need not exist
 * @param identities what to log in with
 * @param legacyAlgorithms whether algorithms that newer clients no longer know are offered to a server with nothing better
 * @param limits how much of a listing is believed
 */
record SftpTarget(
        OriginId id,
        SftpUrl url,
        Duration timeout,
        int concurrency,
        Optional<String> hostKey,
        Path knownHosts,
        Identities identities,
        boolean legacyAlgorithms,
        ListingLimits limits) {}
