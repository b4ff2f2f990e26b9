"""Content credentials (C2PA): a signed statement inside a PNG about where it comes from, and what a reader finds."""

import datetime
import io
import json
from dataclasses import dataclass

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image
from torch import Tensor

from course_lib.audit.edits import as_bytes

SOURCES = {
    "generated": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "camera": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
}


@dataclass(frozen=True)
class Identity:
    """A test identity: a certificate that its own root has signed. Nobody but its owner trusts it.

    Attributes:
        certificates: PEM, the leaf and then the root.
        root: PEM of the root: who puts it among the anchors trusts this identity.
        key: PEM of the leaf's private key.
    """

    certificates: str
    root: str
    key: str


@dataclass(frozen=True)
class Reading:
    """What a reader finds in a picture.

    Attributes:
        state: "none" (no credential), "invalid", "valid" (whole, by somebody unknown) or "trusted".
        source: what the credential says of the picture's origin: "generated", "camera" or "".
        signer: name on the certificate.
        problems: the standard's codes of what failed.
    """

    state: str
    source: str = ""
    signer: str = ""
    problems: tuple[str, ...] = ()


def new_identity(name: str) -> Identity:
    """Make a root, and a certificate that it signs; both are valid for a year.

    Args:
        name: of the signer. Nobody checks it.

    Returns:
        The identity, with its private key.
    """
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate(f"{name}'s own root", root_key, f"{name}'s own root", root_key, ca=True)
    leaf = _certificate(name, key, f"{name}'s own root", root_key, ca=False)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Identity(_pem(leaf) + _pem(root), _pem(root), secret.decode())


def sign(png: bytes, identity: Identity, source: str = "generated", title: str = "a picture") -> bytes:
    """The same PNG with a credential.

    Args:
        png: a whole PNG file.
        identity: who signs.
        source: what is said of its origin: one of ``SOURCES``.
        title: of the picture.
    """
    action = {"action": "c2pa.created", "digitalSourceType": SOURCES[source]}
    manifest = {
        "claim_generator_info": [{"name": "course_lib"}],
        "title": title,
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [action]}}],
    }
    info = c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, identity.certificates.encode(), identity.key.encode(), None)
    signed = io.BytesIO()
    c2pa.Builder(manifest).sign(c2pa.Signer.from_info(info), "image/png", io.BytesIO(png), signed)
    return signed.getvalue()


def look(picture: bytes, roots: str = "", kind: str = "image/png") -> Reading:
    """Read the credential of a picture and check it, offline.

    Args:
        picture: a whole file.
        roots: PEM of roots that are trusted.
        kind: of the file.

    Returns:
        What is found; its state is "none" where there is no credential.
    """
    settings = c2pa.Settings.from_dict({"trust": {"user_anchors": roots}} if roots else {})
    try:
        reader = c2pa.Reader(kind, io.BytesIO(picture), context=c2pa.Context(settings=settings))
    except c2pa.C2paError as problem:
        if "ManifestNotFound" in str(problem):
            return Reading("none")
        return Reading("invalid", problems=(str(problem).splitlines()[0],))
    content = json.loads(reader.json())
    manifest = content["manifests"][content["active_manifest"]]
    failed = content.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    said = [action for one in manifest["assertions"] for action in one["data"].get("actions", [])]
    kinds = {address: name for name, address in SOURCES.items()}
    source = next((kinds.get(action.get("digitalSourceType"), "") for action in said), "")
    return Reading(
        str(reader.get_validation_state()).lower(),
        source,
        manifest.get("signature_info", {}).get("common_name", ""),
        tuple(sorted({one["code"] for one in failed})),
    )


def as_png(picture: Tensor) -> bytes:
    """An image ``(1 or 3, H, W)`` in [−1, 1] as a PNG file.

    Args:
        picture: a tensor.
    """
    pixels = as_bytes(picture.detach().cpu().clamp(-1, 1)[None])[0].movedim(0, -1).squeeze(-1).numpy()
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, issuer_key: ec.EllipticCurvePrivateKey, *, ca: bool
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, **usage), critical=True)
    )
    if not ca:  # the standard wants a purpose; this one needs no register
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)]
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
