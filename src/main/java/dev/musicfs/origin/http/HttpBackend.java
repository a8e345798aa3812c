package dev.musicfs.origin.http;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginKey;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.OriginType;
import dev.musicfs.config.ServerType;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;
import java.util.ArrayList;
import java.util.List;

/** Web servers: {@code type = "http"}. */
public final class HttpBackend implements OriginBackend {
    static final String URL = "url";
    static final String LISTING = "listing";
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String TOKEN = "token";
    static final String CA_FILE = "ca_file";
    static final String REDIRECT_HOSTS = "redirect_hosts";
    private static final List<String> LISTINGS = List.of("auto", "webdav", "index");
    private static final OriginType TYPE = new ServerType(
            "http",
            "Any web server. One that knows no ranges works, but each read costs all bytes before it.",
            RootUrl.SCHEMES,
            List.of(
                    OriginKey.required(URL, OriginKey.Kind.TEXT, "http:// or https://", "https://nas.example/music/"),
                    OriginKey.optional(
                                    LISTING,
                                    OriginKey.Kind.TEXT,
                                    "auto, webdav or index; an index page costs a request for each file")
                            .shown("auto"),
                    OriginKey.optional(USER, OriginKey.Kind.TEXT, "whose password it is; may stand in the URL instead")
                            .shown("me"),
                    OriginKey.optional(PASSWORD, OriginKey.Kind.SECRET, "for Basic or Digest; or a token")
                            .shown("/etc/musicfs/web.password"),
                    OriginKey.optional(TOKEN, OriginKey.Kind.SECRET, "for Bearer"),
                    OriginKey.optional(
                                    CA_FILE,
                                    OriginKey.Kind.PATH,
                                    "certificates (PEM), one of which vouches for the server in place of the system's")
                            .shown("/etc/musicfs/ca.pem"),
                    OriginKey.optional(
                                    REDIRECT_HOSTS,
                                    OriginKey.Kind.TEXT,
                                    "hosts to which the server may redirect, with commas between them, such as"
                                            + " *.cdn.example; * for all")
                            .shown("*.cdn.example")),
            HttpBackend::problems);

    /** For the service loader. */
    public HttpBackend() {}

    @Override
    public OriginType type() {
        return TYPE;
    }

    @Override
    public Origin create(OriginConfig config, BackendContext context) {
        return new HttpOrigin(config, context);
    }

    private static List<String> problems(OriginSettings settings) {
        List<String> problems = new ArrayList<>();
        String url = settings.requiredText(URL);
        RootUrl.problem(url).ifPresent(problems::add);
        if (!LISTINGS.contains(settings.text(LISTING).orElse("auto"))) {
            problems.add(LISTING + " must be one of " + String.join(", ", LISTINGS));
        }
        boolean password = settings.secret(PASSWORD).isPresent();
        if (password && settings.secret(TOKEN).isPresent()) {
            problems.add(TOKEN + " and " + PASSWORD + " cannot both be used");
        }
        if (password && settings.text(USER).or(() -> RootUrl.userOf(url)).isEmpty()) {
            problems.add(USER + " is missing; a password alone is not enough");
        }
        return problems;
    }
}
