package dev.musicfs.origin.http;

import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.Secret;
import dev.musicfs.origin.BlockingCalls;
import dev.musicfs.origin.wire.Authorization;
import dev.musicfs.origin.wire.LazySecret;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.origin.wire.Response;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows the origin's own server, and no other, who asks: by a token, Basic, or Digest once the server wants that alone. */
final class Login implements Authorization {
    private final RootUrl root;
    private final LazySecret<Credentials> credentials;
    private volatile @Nullable DigestLogin digest;

    /** @param token empty unless there is one; then the rest is empty */
    private record Credentials(String token, String user, String password) {
        String header() {
            if (!token.isEmpty()) {
                return "Bearer " + token;
            }
            return user.isEmpty()
                    ? ""
                    : "Basic "
                            + Base64.getEncoder()
                                    .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        }
    }

    Login(RootUrl root, OriginSettings settings, BlockingCalls calls) {
        this.root = root;
        this.credentials = new LazySecret<>(calls, () -> readBlocking(settings));
    }

    private static Credentials readBlocking(OriginSettings settings) {
        Optional<Secret> token = settings.secret(HttpBackend.TOKEN);
        return token.isPresent()
                ? new Credentials(token.get().readBlocking(), "", "")
                : new Credentials(
                        "",
                        settings.text(HttpBackend.USER)
                                .or(() -> RootUrl.userOf(settings.requiredText(HttpBackend.URL)))
                                .orElse(""),
                        settings.secret(HttpBackend.PASSWORD)
                                .map(Secret::readBlocking)
                                .orElse(""));
    }

    /** Reads the secrets; fails with {@code REJECTED} when they cannot be had. */
    Future<Void> prepare() {
        return credentials.get().mapEmpty();
    }

    @Override
    public Future<Map<String, String>> headers(Request request) {
        if (!root.trusts(request.url())) {
            return Future.succeededFuture(Map.of());
        }
        return credentials.get().map(mine -> {
            DigestLogin challenge = digest;
            String value = challenge == null || mine.user.isEmpty()
                    ? mine.header()
                    : challenge.header(mine.user, mine.password, request.method(), request.url());
            return value.isEmpty() ? Map.of() : Map.of("Authorization", value);
        });
    }

    /** A new challenge is one that was not answered yet: the first, or one whose nonce was used for too long. */
    @Override
    public boolean challenged(Request request, Response response) {
        if (response.status() != 401 || !root.trusts(request.url())) {
            return false;
        }
        boolean basic = response.headers().getAll("WWW-Authenticate").stream()
                .anyMatch(text -> text.toLowerCase(Locale.ROOT).startsWith("basic"));
        Optional<DigestLogin> wanted = DigestLogin.of(response.headers().getAll("WWW-Authenticate"));
        if (basic || wanted.isEmpty()) {
            return false;
        }
        digest = wanted.get();
        return true;
    }
}
