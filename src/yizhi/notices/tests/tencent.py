"""A second vendor of short messages that is none: it checks what Tencent Cloud's documentation says it checks."""

import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

KEY, SECRET, APP, SIGN, TEMPLATE = "AKID-key", "another-secret", "1400006666", "益治", "1110"
_GAPS = 3


@dataclass
class Vendor:
    """`came`: what was taken. `code`: what it says of each number; `status` of a vendor that is out of order."""

    url: str = ""
    came: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    code: str = "Ok"
    status: int = 200

    def take(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        if self.status != 200:
            return self.status, {}
        asked = json.loads(body)
        if fault := _refusal(method, path, headers, body, asked):
            self.refused.append(fault)
            return 200, {"Response": {"Error": {"Code": fault, "Message": "refused"}, "RequestId": "1"}}
        if self.code == "Ok":
            self.came.append(asked)
        serial = f"5000:{len(self.came)}" if self.code == "Ok" else ""
        said = {"SerialNo": serial, "PhoneNumber": asked["PhoneNumberSet"][0], "Fee": 1, "SessionContext": ""}
        said |= {"Code": self.code, "Message": "send success", "IsoCode": "CN"}
        return 200, {"Response": {"SendStatusSet": [said], "RequestId": "1"}}


def _refusal(method: str, path: str, headers: Any, body: bytes, asked: Any) -> str:
    """A code of the vendor's list."""
    algorithm, _, rest = headers["Authorization"].partition(" ")
    said = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    key, _, scope = said["Credential"].partition("/")
    sent = datetime.fromtimestamp(int(headers["X-TC-Timestamp"]), UTC)
    if algorithm != "TC3-HMAC-SHA256" or key != KEY:
        return "AuthFailure.SecretIdNotFound"
    if abs(datetime.now(UTC) - sent) > timedelta(minutes=5) or not scope.startswith(f"{sent:%Y-%m-%d}/sms/"):
        return "AuthFailure.SignatureExpire"  # own time: the vendor's
    if not {"content-type", "host"} <= set(said["SignedHeaders"].split(";")):
        return "AuthFailure.InvalidAuthorization"
    if said["Signature"] != _signature(method, path, headers, body, said["SignedHeaders"], scope):
        return "AuthFailure.SignatureFailure"
    if (headers["X-TC-Action"], headers["X-TC-Version"]) != ("SendSms", "2021-01-11"):
        return "InvalidAction"
    if headers["X-TC-Region"] not in ("ap-beijing", "ap-guangzhou", "ap-nanjing"):
        return "UnsupportedRegion"
    return _unfit(asked)


def _unfit(asked: Any) -> str:
    """What the vendor says of a whole call."""
    if asked["SmsSdkAppId"] != APP:
        return "UnauthorizedOperation.SmsSdkAppIdVerifyFail"
    if asked["SignName"] != SIGN:
        return "FailedOperation.SignatureIncorrectOrUnapproved"
    if asked["TemplateId"] != TEMPLATE:
        return "FailedOperation.TemplateIncorrectOrUnapproved"
    if len(asked["TemplateParamSet"]) != _GAPS or not all(asked["TemplateParamSet"]):
        return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
    return "" if len(asked["PhoneNumberSet"]) <= 200 else "InvalidParameterValue.PhoneNumberSetExceedsLimit"


def _signature(method: str, path: str, headers: Any, body: bytes, signed: str, scope: str) -> str:
    said = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in signed.split(";"))
    whole = f"{method}\n{path}\n\n{said}\n{signed}\n{sha256(body).hexdigest()}"
    to_sign = f"TC3-HMAC-SHA256\n{headers['X-TC-Timestamp']}\n{scope}\n{sha256(whole.encode()).hexdigest()}"
    by = ("TC3" + SECRET).encode()
    for part in scope.split("/"):
        by = hmac.new(by, part.encode(), sha256).digest()
    return hmac.new(by, to_sign.encode(), sha256).hexdigest()
