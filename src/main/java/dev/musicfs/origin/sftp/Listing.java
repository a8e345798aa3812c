package dev.musicfs.origin.sftp;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.ListingLimits;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.sftp.SftpChannel.Request;
import dev.musicfs.origin.sftp.SftpChannel.Sent;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/** One listing of a directory; each step of it is bounded by {@code timeout}. */
final class Listing {
    /** READDIRs on their way at a time: servers answer with about 100 names each. */
    private static final int AHEAD = 4;

    /** The directory itself and the one above, which most servers name as well. */
    private static final int DOTS = 2;

    /** Links looked at in one packet. */
    private static final int BATCH = 64;

    private final Connection connection;
    private final SftpChannel channel;
    private final Function<RealPath, String> locate;
    private final Duration timeout;
    private final BiFunction<RealPath, SftpException, MusicFsException> refusal;
    private final ListingLimits limits;
    private final String about;
    private final List<OriginEntry> entries = new ArrayList<>();
    private int seen;
    private long chars;
    private final List<RealPath> links = new ArrayList<>();
    /** Those of which the server does not say what they are. */
    private final List<RealPath> unknown = new ArrayList<>();

    /** What a server says a path is called. */
    private sealed interface Name {
        record Known(String text) implements Name {}

        record Refused(SftpException why) implements Name {}
    }

    /**
     * @param refusal what the server's refusal to look at one entry means
     * @param about what failures call the origin
     */
    Listing(
            Connection connection,
            Function<RealPath, String> locate,
            Duration timeout,
            BiFunction<RealPath, SftpException, MusicFsException> refusal,
            ListingLimits limits,
            String about) {
        this.limits = limits;
        this.about = about;
        this.connection = connection;
        this.channel = connection.channel();
        this.locate = locate;
        this.timeout = timeout;
        this.refusal = refusal;
    }

    List<OriginEntry> readBlocking(RealPath directory) throws IOException, TimeoutException {
        byte[] handle = connection.openBlocking(() -> Requests.openDirectory(locate.apply(directory)), step());
        try {
            boolean more = true;
            while (more) {
                more = readSomeBlocking(directory, handle);
            }
        } finally {
            if (channel.isOpen()) {
                channel.sendBlocking(List.of(Requests.close(handle)), step());
            }
        }
        for (int from = 0; from < unknown.size(); from += BATCH) {
            lookBlocking(unknown.subList(from, Math.min(from + BATCH, unknown.size())));
        }
        for (int from = 0; from < links.size(); from += BATCH) {
            followBlocking(directory, links.subList(from, Math.min(from + BATCH, links.size())));
        }
        entries.sort((a, b) -> a.path().compareTo(b.path()));
        return entries;
    }

    private boolean readSomeBlocking(RealPath directory, byte[] handle) throws IOException, TimeoutException {
        boolean more = true;
        @Nullable SftpException refused = null;
        List<Request> requests = Stream.generate(() -> Requests.readDirectory(handle))
                .limit(AHEAD)
                .toList();
        for (Sent sent : channel.sendBlocking(requests, step())) {
            try {
                List<DirEntry> some = channel.entries(channel.answerBlocking(sent, step()));
                if (some == null) {
                    more = false;
                } else {
                    some.forEach(entry -> add(directory, entry));
                    // An answer without a name counts as well: such a server could go on for ever.
                    seen += Math.max(1, some.size());
                    for (DirEntry entry : some) {
                        chars += entry.getFilename().length();
                    }
                }
            } catch (SftpException e) {
                refused = e;
            }
        }
        if (refused != null) {
            throw refused;
        }
        limits.check(about, directory, seen - DOTS);
        limits.checkNames(about, directory, chars);
        return more;
    }

    private void add(RealPath directory, DirEntry entry) {
        String raw = entry.getFilename();
        if (raw.isEmpty() || raw.equals(".") || raw.equals("..") || raw.indexOf('/') >= 0 || raw.indexOf('\0') >= 0) {
            return;
        }
        RealPath path = directory.resolve(RealPath.decode(raw.getBytes(StandardCharsets.ISO_8859_1)));
        Attributes found = entry.getAttributes();
        switch (Answers.kind(found)) {
            case FILE -> entries.add(Answers.entry(path, false, found));
            case DIRECTORY -> entries.add(Answers.entry(path, true, found));
            case LINK -> links.add(path);
            case UNKNOWN -> unknown.add(path);
            case OTHER -> {}
        }
    }

    private void lookBlocking(List<RealPath> some) throws IOException, TimeoutException {
        List<Request> looks = some.stream().map(locate).map(Requests::lstat).toList();
        List<Sent> sent = channel.sendBlocking(looks, step());
        for (int i = 0; i < some.size(); i++) {
            RealPath path = some.get(i);
            try {
                Attributes found = channel.attributes(channel.answerBlocking(sent.get(i), step()));
                if (Answers.kind(found) == Answers.Kind.LINK) {
                    links.add(path);
                } else {
                    new Look(connection, step())
                            .ofBlocking(path, locate.apply(path), found)
                            .ifPresent(entries::add);
                }
            } catch (SftpException e) {
                // It may have vanished meanwhile.
                if (!Answers.meansAbsent(e)) {
                    entries.add(OriginEntry.unknown(path, refusal.apply(path, e)));
                }
            }
        }
    }

    // Without inode numbers in the protocol, the same directory is told by its real path. Some servers' REALPATH
    // follows no links, so the link itself is read first.
    private void followBlocking(RealPath directory, List<RealPath> some) throws IOException, TimeoutException {
        List<RealPath> toDirectories = new ArrayList<>();
        List<OriginEntry> found = new ArrayList<>();
        List<Request> looks = some.stream().map(locate).map(Requests::stat).toList();
        List<Sent> sent = channel.sendBlocking(looks, step());
        for (int i = 0; i < some.size(); i++) {
            try {
                Attributes target = channel.attributes(channel.answerBlocking(sent.get(i), step()));
                Optional<OriginEntry> entry =
                        new Look(connection, step()).ofBlocking(some.get(i), locate.apply(some.get(i)), target);
                if (entry.isPresent() && entry.get().directory()) {
                    toDirectories.add(some.get(i));
                    found.add(entry.get());
                } else {
                    entry.ifPresent(entries::add);
                }
            } catch (SftpException e) {
                // Nowhere, in a circle, or where the account may not look.
                entries.add(OriginEntry.unknown(some.get(i), refusal.apply(some.get(i), e)));
            }
        }
        if (!toDirectories.isEmpty()) {
            List<String> paths = toDirectories.stream().map(locate).toList();
            List<Name> targets = namesBlocking(paths, Requests::readLink);
            List<String> resolved = new ArrayList<>();
            for (int i = 0; i < paths.size(); i++) {
                String from = locate.apply(directory);
                resolved.add(
                        targets.get(i) instanceof Name.Known known
                                ? known.text.startsWith("/") ? known.text : from + "/" + known.text
                                : paths.get(i));
            }
            Set<Name> above = new HashSet<>(
                    namesBlocking(upwards(directory).stream().map(locate).toList(), Requests::realPath));
            List<Name> real = namesBlocking(resolved, Requests::realPath);
            for (int i = 0; i < real.size(); i++) {
                if (real.get(i) instanceof Name.Known known && !above.contains(known)) {
                    entries.add(found.get(i));
                } else if (real.get(i) instanceof Name.Refused refused) {
                    entries.add(OriginEntry.unknown(
                            found.get(i).path(), refusal.apply(found.get(i).path(), refused.why)));
                }
            }
        }
    }

    private List<Name> namesBlocking(List<String> paths, Function<String, Request> request)
            throws IOException, TimeoutException {
        List<Name> names = new ArrayList<>();
        for (Sent sent : channel.sendBlocking(paths.stream().map(request).toList(), step())) {
            try {
                names.add(new Name.Known(channel.name(channel.answerBlocking(sent, step()))));
            } catch (SftpException e) {
                names.add(new Name.Refused(e));
            }
        }
        return names;
    }

    private static List<RealPath> upwards(RealPath directory) {
        List<RealPath> chain = new ArrayList<>();
        RealPath at = directory;
        while (!at.isRoot()) {
            chain.add(at);
            at = at.parent();
        }
        chain.add(RealPath.ROOT);
        return chain;
    }

    private Deadline step() {
        return Deadline.in(timeout);
    }
}
