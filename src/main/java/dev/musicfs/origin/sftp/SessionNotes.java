package dev.musicfs.origin.sftp;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a server for the host key that is known, and notes in the {@link ConnectAttempt} why a session failed. */
final class SessionNotes implements SessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(SessionNotes.class);
    private static final String CERTIFICATE = "-cert-v0";

    private final SftpTarget target;
    private final AtomicBoolean warned = new AtomicBoolean();

    SessionNotes(SftpTarget target) {
        this.target = target;
    }

    @Override
    public void sessionNegotiationOptionsCreated(Session session, Map<KexProposalOption, String> proposal) {
        ConnectAttempt attempt = ConnectAttempt.of(session);
        String known = proposal.get(KexProposalOption.SERVERKEYS);
        if (attempt == null || known == null) {
            return;
        }
        // The key itself is pinned, which a certificate about it is not.
        List<String> names = split(known)
                .filter(name -> target.hostKey().isEmpty() || !name.contains(CERTIFICATE))
                .filter(name -> attempt.wants(KeyUtils.getCanonicalKeyType(name)))
                .toList();
        List<String> sorted = new ArrayList<>(names.stream()
                .filter(name -> attempt.prefers(KeyUtils.getCanonicalKeyType(name)))
                .toList());
        names.stream().filter(name -> !sorted.contains(name)).forEach(sorted::add);
        proposal.put(KexProposalOption.SERVERKEYS, String.join(",", sorted));
    }

    @Override
    public void sessionNegotiationEnd(
            Session session,
            Map<KexProposalOption, String> ours,
            Map<KexProposalOption, String> theirs,
            Map<KexProposalOption, String> agreed,
            Throwable reason) {
        ConnectAttempt attempt = ConnectAttempt.of(session);
        if (attempt == null) {
            return;
        }
        Set<String> types = new LinkedHashSet<>();
        split(theirs.get(KexProposalOption.SERVERKEYS))
                .filter(name -> !name.contains(CERTIFICATE))
                .map(KeyUtils::getCanonicalKeyType)
                .forEach(types::add);
        attempt.offers(types);
        if (reason != null) {
            attempt.cause(disagreement(ours, theirs, agreed, reason));
        } else {
            warnOfLegacy(agreed);
        }
    }

    private String disagreement(
            Map<KexProposalOption, String> ours,
            Map<KexProposalOption, String> theirs,
            Map<KexProposalOption, String> agreed,
            Throwable reason) {
        for (KexProposalOption option : KexProposalOption.VALUES) {
            if (!agreed.containsKey(option)
                    && split(ours.get(option))
                            .noneMatch(split(theirs.get(option)).toList()::contains)) {
                return "there is no common algorithm for the " + option.getDescription() + "; the server has "
                        + theirs.get(option)
                        + (target.legacyAlgorithms() ? "" : "; legacy_algorithms = true allows some old ones");
            }
        }
        return String.valueOf(reason.getMessage());
    }

    private void warnOfLegacy(Map<KexProposalOption, String> agreed) {
        List<String> old = agreed.values().stream()
                .distinct()
                .filter(LegacyAlgorithms::contain)
                .toList();
        if (!old.isEmpty() && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "Origin {}: {} knows nothing better than {}; what goes over the line can be read or changed by"
                            + " whoever has much computing power. Update the server; legacy_algorithms = false refuses"
                            + " it",
                    target.id(),
                    target.url(),
                    String.join(", ", old));
        }
    }

    @Override
    public void sessionPeerIdentificationReceived(Session session, String version, List<String> extraLines) {
        ConnectAttempt attempt = ConnectAttempt.of(session);
        if (attempt != null && (version == null || version.isEmpty()) && !extraLines.isEmpty()) {
            attempt.cause("the server says \"" + String.join(" ", extraLines) + "\"");
        }
    }

    @Override
    public void sessionDisconnect(Session session, int reason, String message, String language, boolean initiator) {
        ConnectAttempt attempt = ConnectAttempt.of(session);
        if (attempt != null && !initiator) {
            attempt.cause("the server says \"" + message + "\" ("
                    + SshConstants.getDisconnectReasonName(reason).replace("SSH2_DISCONNECT_", "") + ")");
        }
    }

    @Override
    public void sessionException(Session session, Throwable failure) {
        ConnectAttempt attempt = ConnectAttempt.of(session);
        if (attempt != null && failure.getMessage() != null) {
            attempt.cause(failure.getMessage());
        }
    }

    private static Stream<String> split(@org.jspecify.annotations.Nullable String names) {
        return names == null || names.isEmpty() ? Stream.of() : Stream.of(names.split(","));
    }
}
