from django.apps import AppConfig


class WechatConfig(AppConfig):
    name = "yizhi.wechat"
    label = "wechat"
