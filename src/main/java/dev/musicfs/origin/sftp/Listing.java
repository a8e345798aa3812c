package dev.musicfs.origin.sftp;

import dev.musicfs.model.RealPath;
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

    /** Links looked at in one packet. */
    private static final int BATCH = 64;

    private final Connection connection;
    private final SftpChannel channel;
    private final Function<RealPath, String> locate;
    private final Duration timeout;
    private final List<OriginEntry> entries = new ArrayList<>();
    private final List<RealPath> links = new ArrayList<>();
    /** Those of which the server does not say what they are. */
    private final List<RealPath> unknown = new ArrayList<>();

    Listing(Connection connection, Function<RealPath, String> locate, Duration timeout) {
        this.connection = connection;
        this.channel = connection.channel();
        this.locate = locate;
        this.timeout = timeout;
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
        @Nullable SftpException refusal = null;
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
                }
            } catch (SftpException e) {
                refusal = e;
            }
        }
        if (refusal != null) {
            throw refusal;
        }
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
                // It has vanished meanwhile.
                if (!Answers.meansAbsent(e)) {
                    throw e;
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
                // A link that leads nowhere or in a circle is left out; anything else would make the list incomplete.
                if (!Answers.meansAbsent(e)) {
                    throw e;
                }
            }
        }
        if (!toDirectories.isEmpty()) {
            List<String> paths = toDirectories.stream().map(locate).toList();
            List<Optional<String>> targets = namesBlocking(paths, Requests::readLink);
            List<String> resolved = new ArrayList<>();
            for (int i = 0; i < paths.size(); i++) {
                String from = locate.apply(directory);
                resolved.add(targets.get(i)
                        .map(to -> to.startsWith("/") ? to : from + "/" + to)
                        .orElse(paths.get(i)));
            }
            Set<Optional<String>> above = new HashSet<>(
                    namesBlocking(upwards(directory).stream().map(locate).toList(), Requests::realPath));
            List<Optional<String>> real = namesBlocking(resolved, Requests::realPath);
            for (int i = 0; i < real.size(); i++) {
                if (real.get(i).isPresent() && !above.contains(real.get(i))) {
                    entries.add(found.get(i));
                }
            }
        }
    }

    /** Empty for what has gone meanwhile. */
    private List<Optional<String>> namesBlocking(List<String> paths, Function<String, Request> request)
            throws IOException, TimeoutException {
        List<Optional<String>> names = new ArrayList<>();
        for (Sent sent : channel.sendBlocking(paths.stream().map(request).toList(), step())) {
            try {
                names.add(Optional.of(channel.name(channel.answerBlocking(sent, step()))));
            } catch (SftpException e) {
                if (!Answers.meansAbsent(e)) {
                    throw e;
                }
                names.add(Optional.empty());
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
