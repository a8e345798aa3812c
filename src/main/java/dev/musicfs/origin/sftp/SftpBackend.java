package dev.musicfs.origin.sftp;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginKey;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.OriginType;
import dev.musicfs.config.ServerType;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.ListingLimits;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Directories of an SSH server: {@code type = "sftp"}. Nothing in here loads a class of the client library. */
public final class SftpBackend implements OriginBackend {
    private static final OriginType TYPE = new ServerType(
            "sftp",
            "Any server with SSH.",
            Set.of("sftp"),
            List.of(
                    OriginKey.required(
                            "url",
                            OriginKey.Kind.TEXT,
                            "/~/music is below the user's home",
                            "sftp://me@nas.example/srv/music"),
                    OriginKey.optional("known_hosts", OriginKey.Kind.PATH, "unless set: ~/.ssh/known_hosts"),
                    OriginKey.optional(
                                    "host_key",
                                    OriginKey.Kind.TEXT,
                                    "one of the server's public keys or its fingerprint, in place of known_hosts")
                            .shown("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"),
                    OriginKey.optional(
                                    "identity_file",
                                    OriginKey.Kind.PRIVATE_FILE,
                                    "tried before the agent, with the certificate beside it; unless set: the usual ~/.ssh/id_*")
                            .shown("~/.ssh/id_ed25519"),
                    OriginKey.optional("agent", OriginKey.Kind.FLAG, "unless set: when SSH_AUTH_SOCK is")
                            .shown("true"),
                    OriginKey.optional("password", OriginKey.Kind.SECRET, "of the user, for servers that take no key"),
                    OriginKey.optional("passphrase", OriginKey.Kind.SECRET, "of the identity file")
                            .shown("/etc/musicfs/passphrase"),
                    OriginKey.optional(
                                    "legacy_algorithms",
                                    OriginKey.Kind.FLAG,
                                    "false: a server that knows only algorithms of around 2010 is refused; they are never"
                                            + " used with one that knows better")
                            .shown("true")),
            SftpBackend::problems);
    private static final Pattern HOST_KEY =
            Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?|[a-z][a-z0-9@.-]+ [A-Za-z0-9+/]+=*( .*)?");

    /** For the service loader. */
    public SftpBackend() {}

    @Override
    public OriginType type() {
        return TYPE;
    }

    @Override
    public Origin create(OriginConfig config, BackendContext context) {
        OriginSettings settings = config.settings();
        Path ssh = Path.of(System.getProperty("user.home"), ".ssh");
        SftpUrl url = SftpUrl.parse(settings.requiredText("url"));
        return new SftpOrigin(
                new SftpTarget(
                        config.id(),
                        url,
                        config.timeout(),
                        config.concurrency(),
                        settings.text("host_key"),
                        settings.path("known_hosts").orElse(ssh.resolve("known_hosts")),
                        new Identities(
                                settings.path("identity_file"),
                                ssh,
                                settings.secret("passphrase"),
                                settings.secret("password"),
                                agent(settings.flag("agent").orElse(true))),
                        settings.flag("legacy_algorithms").orElse(true),
                        ListingLimits.of(settings)),
                context);
    }

    private static Optional<Path> agent(boolean wanted) {
        return Optional.ofNullable(System.getenv("SSH_AUTH_SOCK"))
                .filter(socket -> wanted && !socket.isEmpty())
                .map(Path::of);
    }

    private static List<String> problems(OriginSettings settings) {
        List<String> problems = new ArrayList<>();
        SftpUrl.problem(settings.requiredText("url")).ifPresent(problems::add);
        settings.text("host_key")
                .filter(key -> !HOST_KEY.matcher(key).matches())
                .ifPresent(key -> problems.add(
                        "host_key must be a public key such as \"ssh-ed25519 AAAA...\" or a fingerprint such as"
                                + " \"SHA256:...\""));
        if (settings.text("host_key").isPresent()
                && settings.path("known_hosts").isPresent()) {
            problems.add("host_key and known_hosts cannot both be given");
        }
        return problems;
    }
}
