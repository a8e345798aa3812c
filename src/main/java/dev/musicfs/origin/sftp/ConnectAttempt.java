package dev.musicfs.origin.sftp;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of one try to connect, and what the server made of it. MINA tells of most failures only that the session
 * is closed, so its listeners note here what came before. For any thread.
 */
final class ConnectAttempt {
    private static final AttributeKey<ConnectAttempt> KEY = new AttributeKey<>();
    private static final int LONGEST_TEXT = 300;

    private final Set<String> preferred;
    private final Set<String> unwanted;
    private final Set<String> offered = new LinkedHashSet<>();
    private List<String> methods = List.of();
    private String refusal = "";
    private String cause = "";
    private @Nullable String mismatched;

    /**
     * @param preferred types of host keys that are asked for first
     * @param unwanted types of host keys that are not asked for
     */
    ConnectAttempt(Set<String> preferred, Set<String> unwanted) {
        this.preferred = Set.copyOf(preferred);
        this.unwanted = Set.copyOf(unwanted);
    }

    /** What to connect with, so that the session's listeners find this: a session's own attributes go when it is closed. */
    AttributeRepository context() {
        return AttributeRepository.ofKeyValuePair(KEY, this);
    }

    /** That of a session; null when it was not made by a {@link SshConnector}. */
    static @Nullable ConnectAttempt of(Session session) {
        AttributeRepository context = session instanceof ClientSession client ? client.getConnectionContext() : null;
        return context == null ? null : context.getAttribute(KEY);
    }

    boolean prefers(String type) {
        return preferred.contains(type);
    }

    boolean wants(String type) {
        return !unwanted.contains(type);
    }

    /** The types of the host keys that the server has. */
    synchronized void offers(Set<String> types) {
        offered.addAll(types);
    }

    /** Whether the server has a host key of a type that is neither unwanted nor this one. */
    synchronized boolean hasOtherThan(String type) {
        return offered.stream().anyMatch(each -> !each.equals(type) && wants(each));
    }

    /** Why the server is refused, as a sentence that says what to do. */
    synchronized void refuse(String why) {
        refusal = why;
    }

    synchronized String refusal() {
        return refusal;
    }

    /** The type of the key that was shown where another key of the same server may be the one that is wanted. */
    synchronized void mismatch(String type) {
        mismatched = type;
    }

    synchronized @Nullable String mismatched() {
        return mismatched;
    }

    /** What went wrong first, in the words of whoever noticed; what follows is a consequence. */
    synchronized void cause(String text) {
        if (cause.isEmpty()) {
            String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
            cause = line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "...";
        }
    }

    synchronized String cause() {
        return cause;
    }

    /** The ways of logging in that the server named last. */
    synchronized void methods(List<String> names) {
        methods = List.copyOf(names);
    }

    synchronized List<String> methods() {
        return methods;
    }
}
