package dev.musicfs.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DigestLoginTest {
    private static final String CHALLENGE =
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=%s,"
                    + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                    + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    private static final String CLIENT = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    /** The examples of RFC 7616, 3.9.1. */
    @Test
    void answersAsTheStandardDoes() {
        assertThat(response("MD5"))
                .contains("response=\"8ca523f5e9506fed4657c9700eebdbec\"", "nc=00000001", "qop=auth");
        assertThat(response("SHA-256"))
                .contains("response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"");
    }

    @Test
    void countsItsAnswersAndPassesOverWhatItDoesNotKnow() {
        DigestLogin login =
                DigestLogin.of(List.of("Negotiate", CHALLENGE.formatted("MD5"))).orElseThrow();
        login.header("u", "p", "GET", "/", "c");
        assertThat(login.header("u", "p", "GET", "/", "c")).contains("nc=00000002");
        assertThat(DigestLogin.of(List.of("Basic realm=\"x\"", CHALLENGE.formatted("MD5-sess"), "Digest x=\"")))
                .isEmpty();
    }

    private static String response(String algorithm) {
        return DigestLogin.of(List.of(CHALLENGE.formatted(algorithm)))
                .orElseThrow()
                .header("Mufasa", "Circle of Life", "GET", "/dir/index.html", CLIENT);
    }
}
