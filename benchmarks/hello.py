"""The smallest page there is, as a measure of what the platform itself takes."""

import streamlit as st

st.title("Hello")
st.button("Again")
