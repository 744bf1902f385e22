"""Addresses of the accounts app."""

from django.urls import path

from . import invitation_views, reader_views, views

app_name = "accounts"

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("account/sign-out/", views.sign_out, name="sign-out"),
    path("account/password/", views.Password.as_view(), name="password"),
    path("account/password/reset/", views.Reset.as_view(), name="reset"),
    path("account/password/reset/sent/", views.reset_sent, name="reset-sent"),
    path("account/password/reset/<uidb64>/<token>/", views.ResetConfirm.as_view(), name="reset-confirm"),
    path("account/address/", views.address, name="address"),
    path("account/address/<str:token>/", views.confirm_address, name="confirm-address"),
    path("account/invitation/<str:token>/", invitation_views.invitation, name="invitation"),
    path("account/invite/", invitation_views.invite, name="invite"),
    path("account/invite/<int:pk>/", invitation_views.made, name="invitation-made"),
    path("account/invite/<int:pk>/revoke/", invitation_views.revoke, name="revoke"),
    path("account/join/", invitation_views.join, name="join"),
    path("account/part/", invitation_views.part, name="part"),
    path("account/readers/<slug:public_id>/", reader_views.readers, name="readers"),
]
